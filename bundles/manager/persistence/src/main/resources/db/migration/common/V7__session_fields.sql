-- What lists are filtered and ordered by, beside the details that it is a part of. V8, in Java, fills it in for sessions that
-- are there already.
ALTER TABLE sessions ADD COLUMN session_type CHARACTER VARYING(16) DEFAULT 'INTERACTIVE' NOT NULL;
ALTER TABLE sessions ADD COLUMN tag CHARACTER VARYING(1000000);
ALTER TABLE sessions ADD COLUMN cluster_mode CHARACTER VARYING(16) DEFAULT 'SINGLE_NODE' NOT NULL;
ALTER TABLE sessions ADD COLUMN cluster_size INTEGER DEFAULT 1 NOT NULL;
ALTER TABLE sessions ADD COLUMN starts_at BIGINT;
UPDATE sessions SET cluster_size = (SELECT COUNT(*) FROM kernels WHERE kernels.session_id = sessions.id);

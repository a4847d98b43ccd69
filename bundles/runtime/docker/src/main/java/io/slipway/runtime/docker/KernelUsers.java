package io.slipway.runtime.docker;

import io.slipway.model.kernel.KernelId;

/**
 * Which user of the node each kernel runs as. Follows from the kernel's id, so that nothing has to be kept: a kernel that is
 * started anew finds its files its own, and two kernels of a node hardly ever share a user.
 */
sealed interface KernelUsers {

    /** Returns a kernel's user. */
    User of(KernelId kernel);

    /** Returns whether homes can be given to these users. */
    boolean canGive();

    /**
     * A user of the node.
     *
     * @param uid never 0
     * @param gid never 0
     */
    record User(int uid, int gid) {

        /** Refuses root. */
        public User {
            if (uid <= 0 || gid <= 0) {
                throw new IllegalArgumentException("kernels never run as root: user " + uid + ", group " + gid);
            }
        }

        @Override
        public String toString() {
            return uid + ":" + gid;
        }
    }

    /** One for all. */
    record Same(User user, boolean canGive) implements KernelUsers {

        @Override
        public User of(KernelId kernel) {
            return user;
        }

        @Override
        public String toString() {
            return "user " + user;
        }
    }

    /**
     * One of its own for each kernel, whom nobody on the node is, with a group of the same number.
     *
     * @param first the first id
     * @param count how many
     */
    record Own(int first, int count) implements KernelUsers {

        private static final int LEAST = 1_000;

        /** Refuses what is no range. */
        public Own {
            if (first < LEAST || count < 1 || first > Integer.MAX_VALUE - count) {
                throw new IllegalArgumentException(
                        "firstUid=" + first + ", uidCount=" + count + ": no range of user ids");
            }
        }

        @Override
        public User of(KernelId kernel) {
            var id = kernel.value();
            var mixed = (id.getMostSignificantBits() ^ id.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
            var uid = first + (int) Long.remainderUnsigned(mixed >>> 1, count);
            return new User(uid, uid);
        }

        @Override
        public boolean canGive() {
            return true;
        }

        @Override
        public String toString() {
            return "users " + first + " to " + (first + count - 1);
        }
    }
}

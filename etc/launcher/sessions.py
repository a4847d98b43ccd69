"""Ends every live session of an installation and waits until they are gone."""

import sys
import time

from wire import Client, Refused

LIVE = "PENDING,SCHEDULED,PREPARING,PULLING,RUNNING,RESTARTING,TERMINATING"
QUERY = """query($limit: Int!, $offset: Int!, $status: String) {
  compute_session_list(limit: $limit, offset: $offset, status: $status) {
    items { session_id access_key status }
    total_count
  }
}"""
PATIENCE_SECONDS = 60


def live(client):
    variables = {"limit": 100, "offset": 0, "status": LIVE}
    answer = client.call("POST", "/admin/gql", {"query": QUERY, "variables": variables})
    if answer.get("errors"):
        raise Refused(str(answer["errors"])[:500])
    return answer["data"]["compute_session_list"]["items"]


def main(env_file):
    client = Client(env_file)
    asked = set()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sessions := live(client):
        for session in sessions:
            if session["session_id"] not in asked:
                asked.add(session["session_id"])
                end(client, session)
        if time.monotonic() > deadline:
            raise Refused(f"{len(sessions)} still there after {PATIENCE_SECONDS} s")
        time.sleep(0.2)


def end(client, session):
    target = f"/session/{session['session_id']}?forced=true"
    if session["access_key"] != client.env["BACKEND_ACCESS_KEY"]:
        target += f"&owner_access_key={session['access_key']}"
    try:
        client.call("DELETE", target)
    except Refused as refused:
        # it may have ended by itself; what is left is seen by the next listing
        print(refused, file=sys.stderr)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Refused as refused:
        sys.exit(f"  {refused}")

import os, signal, time

children = []
try:
    while len(children) < 20000:
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
    print("fork bomb SUCCEEDED:", len(children))
except OSError as error:
    print("fork bomb refused:", error.strerror)
for pid in children:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

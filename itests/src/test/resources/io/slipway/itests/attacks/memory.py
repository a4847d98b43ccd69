import os

# in a child, which is all that has to end where whole kernels are bounded
child = os.fork()
if child == 0:
    held = []
    try:
        for _ in range(512):
            held.append(b"x" * (8 << 20))
        os._exit(0)
    except MemoryError:
        os._exit(1)
status = os.waitpid(child, 0)[1]
print("memory bomb", "SUCCEEDED:" if status == 0 else "refused:", status)

held = []
try:
    while len(held) < 200000:
        held.append(open("/dev/null"))
    print("descriptor bomb SUCCEEDED:", len(held))
except OSError as error:
    count = len(held)
    held.clear()
    print("descriptor bomb refused:", error.strerror)

# asyncio.gather over N tasks that each wait; prints the peak resident memory in KiB.
import asyncio
import resource
import sys


async def task(i, seconds):
    await asyncio.sleep(seconds)
    return i


async def main(tasks, seconds):
    results = await asyncio.gather(*(task(i, seconds) for i in range(tasks)))
    assert len(results) == tasks


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) / 1000))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024 if sys.platform == "darwin" else peak)

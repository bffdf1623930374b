# CPython's process pools. `cpython_pools.py POOL` keeps one of them open and answers lines: "CASE N" on stdin, one number or
# "error: ..." on stdout. The sums let the caller check that all programs compute the same; cases that time themselves answer in ns.
import os
import signal
import sys
import time
from array import array
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, get_context, resource_tracker, shared_memory

WORKERS = 2
CHUNK = 1000
DOUBLES = (64 << 20) // 8
PAGE = 4096 // 8
SPAN = 2048


# What the workers run.


def increment(x):
    return x + 1


def collatz(item):
    """The steps that each number of a span takes down to 1."""
    steps = 0
    for start in range(item * SPAN + 1, (item + 1) * SPAN + 1):
        n = start
        while n != 1:
            n = n * 3 + 1 if n & 1 else n >> 1
            steps += 1
    return steps


def add_up(doubles):
    """One number of each page."""
    return sum(doubles[::PAGE])


def add_up_shared(name):
    memory = shared_memory.SharedMemory(name=name)
    try:
        with memory.buf.cast("d") as doubles:
            return add_up(doubles)
    finally:
        memory.close()


def pid(_):
    return os.getpid()


# The cases that a pool, opened once, runs again and again.


def executor_round_trip(executor, n):
    return sum(executor.submit(increment, i).result() for i in range(n))


def executor_one_by_one(executor, n):
    futures = [executor.submit(increment, i) for i in range(n)]
    return sum(future.result() for future in futures)


def executor_map(executor, n):
    return sum(executor.map(increment, range(n), chunksize=1))


def executor_chunks(executor, n):
    return sum(executor.map(increment, range(n), chunksize=CHUNK))


def executor_cpu(executor, n):
    return sum(executor.map(collatz, range(n), chunksize=1))


def pool_round_trip(pool, n):
    return sum(pool.apply(increment, (i,)) for i in range(n))


def pool_one_by_one(pool, n):
    results = [pool.apply_async(increment, (i,)) for i in range(n)]
    return sum(result.get() for result in results)


def pool_chunks(pool, n):
    return sum(pool.map(increment, range(n), chunksize=CHUNK))


def pool_auto_chunks(pool, n):
    return sum(pool.map(increment, range(n)))


def pool_serialised(pool, n):
    return int(sum(pool.apply(add_up, (DATA,)) for _ in range(n)))


def pool_shared(pool, n):
    return int(sum(pool.apply(add_up_shared, (SHARED.name,)) for _ in range(n)))


def pool_shared_copied_in(pool, n):
    total = 0
    for _ in range(n):
        memory = shared_memory.SharedMemory(create=True, size=DOUBLES * 8)
        try:
            with memory.buf.cast("d") as doubles:
                doubles[:] = DATA
            total += pool.apply(add_up_shared, (memory.name,))
        finally:
            memory.close()
            memory.unlink()
    return int(total)


# The cases that open pools themselves, and answer in nanoseconds.


def timed_start(pool, run_two):
    """From opening until each of two workers has answered a task."""
    start = time.perf_counter_ns()
    with pool() as opened:
        seen = set()
        while len(seen) < WORKERS:
            seen.update(run_two(opened))
        return time.perf_counter_ns() - start


def executor_start(_, n):
    return timed_start(lambda: ProcessPoolExecutor(WORKERS), lambda e: e.map(pid, range(WORKERS)))


def spawning_executor_start(_, n):
    spawn = get_context("spawn")
    return timed_start(
        lambda: ProcessPoolExecutor(WORKERS, mp_context=spawn), lambda e: e.map(pid, range(WORKERS))
    )


def pool_start(_, n):
    return timed_start(lambda: Pool(WORKERS), lambda p: p.map(pid, range(WORKERS), chunksize=1))


def timed_kill(worker, waiting):
    """From the kill of the only worker, which is busy, until the answer of a task that waits for it."""
    start = time.perf_counter_ns()
    os.kill(worker, signal.SIGKILL)
    if waiting() != 2:
        raise AssertionError("a wrong answer")
    return time.perf_counter_ns() - start


def executor_replacement(_, n):
    with ProcessPoolExecutor(1) as executor:
        worker = executor.submit(pid, 0).result()
        executor.submit(time.sleep, 20)
        waiting = executor.submit(increment, 1)
        time.sleep(0.1)
        return timed_kill(worker, lambda: waiting.result(timeout=10))


def pool_replacement(_, n):
    with Pool(1) as pool:
        worker = pool.apply(pid, (0,))
        pool.apply_async(time.sleep, (20,))
        waiting = pool.apply_async(increment, (1,))
        time.sleep(0.1)
        return timed_kill(worker, lambda: waiting.get(timeout=10))


# How much faster than one process: answered as the two times, in nanoseconds.


def executor_speed_up(executor, n):
    start = time.perf_counter_ns()
    alone = sum(map(collatz, range(n)))
    between = time.perf_counter_ns()
    if executor_cpu(executor, n) != alone:
        raise AssertionError("a wrong answer")
    return f"{between - start} {time.perf_counter_ns() - between}"


CASES = {
    "executor": {
        "round-trip": executor_round_trip,
        "one-by-one": executor_one_by_one,
        "map": executor_map,
        "chunks": executor_chunks,
        "cpu": executor_cpu,
        "speed-up": executor_speed_up,
    },
    "pool": {
        "round-trip": pool_round_trip,
        "one-by-one": pool_one_by_one,
        "chunks": pool_chunks,
        "auto-chunks": pool_auto_chunks,
    },
    "arrays": {
        "serialised": pool_serialised,
        "shared": pool_shared,
        "copied-in": pool_shared_copied_in,
    },
    "none": {
        "executor-start": executor_start,
        "spawn-start": spawning_executor_start,
        "pool-start": pool_start,
        "executor-replacement": executor_replacement,
        "pool-replacement": pool_replacement,
    },
}


def answer_all(cases, pool):
    for line in sys.stdin:
        case, n = line.split()
        try:
            print(cases[case](pool, int(n)), flush=True)
        except Exception as e:
            print("error:", type(e).__name__, str(e).replace("\n", " "), flush=True)


def main(kind):
    global DATA, SHARED
    cases = CASES[kind]
    if kind == "executor":
        with ProcessPoolExecutor(WORKERS) as executor:
            answer_all(cases, executor)
    elif kind == "pool":
        with Pool(WORKERS) as pool:
            answer_all(cases, pool)
    elif kind == "arrays":
        resource_tracker.ensure_running()  # before the pool, so that its workers share it
        with Pool(WORKERS) as pool:
            DATA = array("d", range(DOUBLES))
            SHARED = shared_memory.SharedMemory(create=True, size=DOUBLES * 8)
            with SHARED.buf.cast("d") as doubles:
                doubles[:] = DATA
            try:
                answer_all(cases, pool)
            finally:
                SHARED.close()
                SHARED.unlink()
    else:
        answer_all(cases, None)


if __name__ == "__main__":
    main(sys.argv[1])

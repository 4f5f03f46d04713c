"""Ways to do the same, measured in turns: what slows the machine down meets all of them alike."""

import gc
import statistics
import time


def duration_s(way, *arguments):
    """How long one run of this takes, in the process that it is called in."""
    gc.collect()
    begun_s = time.perf_counter()
    way(*arguments)
    return time.perf_counter() - begun_s


def medians_s(durations_s, repetitions):
    """The median of each function that tells a duration, by name; the first turn does not count."""
    turns = [{name: tell() for name, tell in durations_s.items()} for _ in range(repetitions + 1)]
    return {name: statistics.median(turn[name] for turn in turns[1:]) for name in durations_s}

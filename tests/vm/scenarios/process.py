"""What the agent's process has used so far, as the guest's kernel counts it."""

from dataclasses import dataclass

_TICKS_A_SECOND = 100
# Of /sys/block/…/stat, whatever the disk's own sectors are.
_SECTOR_BYTES = 512


@dataclass
class Usage:
    rss: int             # bytes
    cpu_seconds: float   # user and system
    switches: int        # a thread was put on a processor again: a wake-up, or its turn was over
    bytes_written: int   # to the disk with the agent's state
    memory_limit: int    # bytes, of the unit
    memory_peak: int     # bytes, of the unit since it was started, files that it has open in the page cache included
    out_of_memory: int   # processes that the kernel has killed for the limit


def read_usage(guest) -> Usage:
    said = guest.run("""
        process=$(systemctl show edge-agent --property=MainPID --value)
        group=/sys/fs/cgroup$(systemctl show edge-agent --property=ControlGroup --value)
        sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$process/status
        cut -d ' ' -f 14,15 /proc/$process/stat
        cat /proc/$process/task/*/status | sed -n 's/^.*voluntary_ctxt_switches:[^0-9]*//p' | tr '\\n' ' '; echo
        tr -s ' ' </sys/block/vdc/stat | sed 's/^ //' | cut -d ' ' -f 7
        cat $group/memory.max $group/memory.peak
        sed -n 's/^oom_kill //p' $group/memory.events""").splitlines()
    rss, times, switches, sectors, limit, peak, killed = said
    return Usage(
        rss=int(rss) * 1024, cpu_seconds=sum(map(int, times.split())) / _TICKS_A_SECOND, switches=sum(map(int, switches.split())),
        bytes_written=int(sectors) * _SECTOR_BYTES, memory_limit=int(limit), memory_peak=int(peak), out_of_memory=int(killed))

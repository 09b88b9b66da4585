using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Spooling;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether the memory that the agent may have, what its garbage collector may take of it, and what the configuration lets it hold fit together.</summary>
internal sealed class MemoryCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>Code, stacks, buffers of sockets and the runtime itself: what the process holds beside its heap. 45 MB are measured idle, of which 5 are heap.</summary>
    private const long BesideHeap = 40L << 20;

    /// <summary>A catalog of 10,000 series, 4,096 readings on their way and the batches that are open: measured at 1,000 readings a second, doubled.</summary>
    private const long Working = 16L << 20;

    private const string HeapLimit = "DOTNET_GCHeapHardLimit";

    public string Name => "memory";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        UnitSettings? unit = await device.UnitAsync().ConfigureAwait(false);
        return unit is { IsLoaded: true } ? [.. Diagnose(unit)] : [Diagnosis.Skipped("", "There is no unit that could limit it.")];
    }

    private IEnumerable<Diagnosis> Diagnose(UnitSettings unit)
    {
        long? heap = unit.Variable(HeapLimit) is { } text && TryReadHexadecimal(text, out long limit) ? limit : null;
        SpoolOptions spool = device.Known.Spool;
        long held = Working + (spool.Durability == SpoolDurability.OfflineOnly ? 2 * spool.MemoryBytes : 0);
        if (unit.MemoryMaximum is not { } most)
        {
            yield return Diagnosis.Warn("", "The unit has no MemoryMax: if the agent ever grew, the whole device would run out of memory.", "Set MemoryMax=96M in the unit.");
        }
        else if (heap + BesideHeap > most)
        {
            yield return Diagnosis.Fail(
                "", $"The heap may take {ByteSize.Format(heap ?? 0)} of the {ByteSize.Format(most)} that the unit may have, and {ByteSize.Format(BesideHeap)} are needed beside it.",
                $"Raise MemoryMax, or lower {HeapLimit} (hexadecimal bytes).");
        }
        else
        {
            yield return Diagnosis.Pass("", $"The unit may have {ByteSize.Format(most)}{(heap is { } of ? $", its heap {ByteSize.Format(of)} of them" : "")}.");
        }
        if (heap < held)
        {
            yield return Diagnosis.Warn(
                "configuration", $"The configuration lets the agent hold about {ByteSize.Format(held)}, and its heap may take {ByteSize.Format(heap.Value)}.",
                $"Lower spool.memoryBytes, or raise {HeapLimit} and MemoryMax.");
        }
        if (Kills(unit["ControlGroup"]) is > 0 and var kills)
        {
            yield return Diagnosis.Fail(
                "kills", string.Create(CultureInfo.InvariantCulture, $"The kernel has ended the agent {kills} times since it was started, as it had used up its memory."),
                "Raise MemoryMax, or report fewer series.");
        }
    }

    /// <summary>memory.events of the control group (cgroup-v2.rst), line <c>oom_kill N</c>.</summary>
    private long Kills(string group)
    {
        const string key = "oom_kill ";
        string events = group.Length == 0 ? "" : KernelText.TryRead(device.Root.At($"/sys/fs/cgroup{group}/memory.events")) ?? "";
        string? line = events.Split('\n').FirstOrDefault(static line => line.StartsWith(key, StringComparison.Ordinal));
        return line is not null && long.TryParse(line.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long kills) ? kills : 0;
    }

    /// <summary>As the runtime reads it: hexadecimal digits with or without 0x.</summary>
    private static bool TryReadHexadecimal(string text, out long value) =>
        long.TryParse(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

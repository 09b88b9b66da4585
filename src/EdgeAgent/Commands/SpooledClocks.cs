using EdgeAgent.Clock;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Commands;

/// <summary>What the agent has written down beside its spool of the clocks that it once had.</summary>
internal static class SpooledClocks
{
    public static ClockReferences Read(string folder)
    {
        var references = new ClockReferences();
        foreach (ClockReference reference in Known(folder))
        {
            references.TryAdd(reference);
        }
        return references;
    }

    public static IEnumerable<ClockReference> Known(string folder) =>
        ClockFile.Beside(folder).Read().Boots.Select(static boot => boot.ToReference());

    /// <summary>For the agent that will send a spool that came from another machine.</summary>
    public static void Keep(string folder, IEnumerable<ClockReference> references)
    {
        BootRelation[] boots = [.. references.Where(static reference => reference.BootId.Length == 16).Take(ClockMemory.MaximumBoots).Select(BootRelation.Of)];
        if (boots.Length > 0)
        {
            ClockFile.Beside(folder).TryWrite(ClockFile.Beside(folder).Read() with { Boots = boots });
        }
    }
}

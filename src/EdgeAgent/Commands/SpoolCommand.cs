using System.CommandLine;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent spool …</c>: looks into the buffer, repairs it, and carries it away. docs/spool.md says when to use what.</summary>
internal static class SpoolCommand
{
    public static Command Create() => new("spool", "Look into the buffer, repair it, and carry it away.")
    {
        SpoolStatCommand.Create(),
        SpoolVerifyCommand.Create(),
        SpoolRepairCommand.Create(),
        SpoolTailCommand.Create(),
        SpoolExportCommand.Create(),
        SpoolImportCommand.Create(),
    };
}

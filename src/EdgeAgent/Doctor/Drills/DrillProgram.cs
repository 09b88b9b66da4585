namespace EdgeAgent.Doctor.Drills;

/// <summary>How this very program is started once more.</summary>
/// <param name="File">The executable.</param>
/// <param name="First">What comes before the arguments.</param>
internal sealed record DrillProgram(string File, IReadOnlyList<string> First)
{
    /// <summary>The single file as it is installed; while developing the runtime with the program's assembly, as it was started itself.</summary>
    public static DrillProgram Current()
    {
        string file = Environment.ProcessPath ?? throw new IOException("The kernel does not tell which program this is.");
        return Path.GetFileNameWithoutExtension(file) == "dotnet" ? new DrillProgram(file, [Environment.GetCommandLineArgs()[0]]) : new DrillProgram(file, []);
    }
}

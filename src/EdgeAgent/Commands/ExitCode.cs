namespace EdgeAgent.Commands;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>EX_CONFIG of sysexits.h: the configuration is wrong. Starting again does not help, so units list it in RestartPreventExitStatus.</summary>
    public const int Configuration = 78;
}

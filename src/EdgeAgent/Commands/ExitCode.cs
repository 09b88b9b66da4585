namespace EdgeAgent.Commands;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for could not be done, or what was looked at is not sound; standard error, or the report, says why.</summary>
    public const int Failure = 1;

    /// <summary>EX_UNAVAILABLE of sysexits.h: the agent, which is asked, does not run.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_TEMPFAIL of sysexits.h: somebody asked from afar for a restart, and the agent has ended in order. Units start it again with Restart=on-failure or always.</summary>
    public const int Restart = 75;

    /// <summary>EX_CONFIG of sysexits.h: the configuration is wrong. Starting again does not help, so units list it in RestartPreventExitStatus.</summary>
    public const int Configuration = 78;
}

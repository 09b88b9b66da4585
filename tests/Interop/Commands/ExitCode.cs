namespace EdgeAgent.Interop.Commands;

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A case failed.</summary>
    public const int Failure = 1;

    /// <summary>EX_USAGE of sysexits.h: the command line is wrong.</summary>
    public const int Usage = 64;
}

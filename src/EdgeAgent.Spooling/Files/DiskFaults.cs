namespace EdgeAgent.Spooling.Files;

/// <summary>Gives the system's error numbers a name.</summary>
internal static class DiskFaults
{
    // errno of Linux, which .NET hands on as the HResult of an IOException.
    private const int NoEntry = 2;
    private const int InputOutput = 5;
    private const int NoDevice = 6;
    private const int GoneDevice = 19;
    private const int NoSpaceLeft = 28;
    internal const int ReadOnlyFileSystem = 30;
    private const int StaleHandle = 116;
    private const int QuotaExceeded = 122;

    // Windows' ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL and ERROR_WRITE_PROTECT as HRESULTs.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WriteProtected = unchecked((int)0x80070013);

    public static bool IsFull(IOException exception) =>
        exception.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull;

    public static DiskFault Of(Exception exception) => exception switch
    {
        SpoolBrokenException { InnerException: { } inner } => Of(inner),
        SpoolInUseException => DiskFault.InUse,
        SpoolTooNewException => DiskFault.LaterFormat,
        DiskFullException or SpoolFullException => DiskFault.NoRoom,
        DirectoryNotFoundException or FileNotFoundException or DriveNotFoundException => DiskFault.Missing,
        UnauthorizedAccessException => DiskFault.NotAllowed,
        IOException { HResult: ReadOnlyFileSystem or WriteProtected } => DiskFault.ReadOnly,
        IOException { HResult: InputOutput } => DiskFault.InputOutput,
        IOException { HResult: NoEntry or NoDevice or GoneDevice or StaleHandle } => DiskFault.Missing,
        _ => DiskFault.Other,
    };
}

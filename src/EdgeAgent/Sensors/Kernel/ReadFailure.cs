using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>What an error of a driver says of the device behind it. Drivers choose among the numbers of errno(3); .NET keeps the number in the exception.</summary>
internal static class ReadFailure
{
    public static Quality QualityOf(Exception failure) => failure switch
    {
        // No file, no device: unplugged, or its driver is not loaded.
        FileNotFoundException or DirectoryNotFoundException => Quality.NoResponse,
        IOException => OfNumber(failure.HResult),
        _ => Quality.Failed,
    };

    public static Quality OfNumber(int errno) => errno switch
    {
        5 /* EIO */ or 6 /* ENXIO */ or 19 /* ENODEV */ or 110 /* ETIMEDOUT */ or 121 /* EREMOTEIO */ => Quality.NoResponse,
        11 /* EAGAIN */ or 16 /* EBUSY */ or 61 /* ENODATA */ => Quality.NotReady,
        34 /* ERANGE */ or 75 /* EOVERFLOW */ => Quality.OutOfRange,
        74 /* EBADMSG */ or 84 /* EILSEQ */ => Quality.Checksum,
        _ => Quality.Failed,
    };
}

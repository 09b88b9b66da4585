namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>What an exception of a bus says, by the errno that it carries (Documentation/i2c/fault-codes.rst).</summary>
internal static class I2cFailure
{
    /// <summary>errno, the same on x86 and ARM.</summary>
    private const int Missing = 2, InputOutput = 5, NoSuchAddress = 6, TryAgain = 11, AccessDenied = 13, Busy = 16, NoDevice = 19, Protocol = 71, InUse = 98,
        Shutdown = 108, TimedOut = 110, RemoteError = 121;

    public static I2cFailureCause Of(Exception failure) => failure is NotSupportedException ? I2cFailureCause.Unsupported : failure.HResult switch
    {
        NoSuchAddress or RemoteError => I2cFailureCause.NoAcknowledge,
        TimedOut => I2cFailureCause.Timeout,
        TryAgain => I2cFailureCause.ArbitrationLost,
        Busy => I2cFailureCause.BusStuck,
        InputOutput or Protocol => I2cFailureCause.BusError,
        Missing or NoDevice or Shutdown => I2cFailureCause.NoBus,
        AccessDenied => I2cFailureCause.NoPermission,
        InUse => I2cFailureCause.AddressInUse,
        _ => I2cFailureCause.Other,
    };

    /// <summary>A held line looks like this, whichever chip is spoken to. One of these alone may be a chip's own fault.</summary>
    public static bool MayBeStuck(I2cFailureCause cause) =>
        cause is I2cFailureCause.Timeout or I2cFailureCause.ArbitrationLost or I2cFailureCause.BusStuck or I2cFailureCause.BusError;

    /// <summary>Somebody let the lines go up in the right place: clock and data move.</summary>
    public static bool ShowsLife(I2cFailureCause cause) => cause is I2cFailureCause.NoAcknowledge or I2cFailureCause.Checksum;
}

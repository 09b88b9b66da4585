using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// The credentials to connect with, which follow their files. Two files cannot be replaced in one moment: while what lies there does not fit together,
/// the last ones that did serve on.
/// </summary>
internal sealed partial class CurrentCredentials(UplinkOptions options, TimeProvider time, ILogger logger)
{
    private DeviceCredentials? _last;
    private string? _complaint;

    /// <summary>What was connected with the last time; null before the first.</summary>
    public DeviceCredentials? Last => _last;

    /// <exception cref="IOException">A file is missing or cannot be read, and there is nothing to serve on.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, and there is nothing to serve on.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should, and there is nothing to serve on.</exception>
    public DeviceCredentials Get()
    {
        if (_last is { } last && !last.HaveChanged(options))
        {
            return last;
        }
        try
        {
            (_last, _complaint) = (new DeviceCredentials(options), null);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException
            && _last?.AreValidAt(time.GetUtcNow()) == true)
        {
            // Once for each thing that is wrong: every session asks.
            if (_complaint != unusable.Message)
            {
                Log.KeptOn(logger, unusable.Message);
            }
            _complaint = unusable.Message;
        }
        return _last;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "The certificate files were changed and cannot be used as they are; the ones before serve on. {Reason}")]
        public static partial void KeptOn(ILogger logger, string reason);
    }
}

using System.Globalization;
using EdgeAgent.Spooling;

namespace EdgeAgent.Diagnostics;

/// <summary>How commands and documents call the cause of a loss.</summary>
internal static class LossCauseWord
{
    public static string Of(LossCause cause) => cause switch
    {
        LossCause.Evicted => "evicted",
        LossCause.Thinned => "thinned",
        LossCause.Corrupt => "corrupt",
        LossCause.DiskFull => "disk_full",
        LossCause.Refused => "refused",
        LossCause.Overflow => "overflow",
        LossCause.Unwritten => "unwritten",
        _ => string.Create(CultureInfo.InvariantCulture, $"cause_{(int)cause}"),
    };
}

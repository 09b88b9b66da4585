using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Commands;

/// <summary>How commands call a quality.</summary>
internal static class QualityWord
{
    public static string Of(Quality quality) => quality switch
    {
        Quality.Good => "good",
        Quality.Uncertain => "uncertain",
        Quality.NoResponse => "no_response",
        Quality.Checksum => "checksum",
        Quality.NotReady => "not_ready",
        Quality.OutOfRange => "out_of_range",
        _ => "failed",
    };
}

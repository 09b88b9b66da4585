namespace EdgeAgent.LocalStatus;

/// <summary>
/// What Prometheus calls an instrument:
/// <code>
/// name := instrument with "_" for "." [ "_bytes" (By) | "_seconds" (s) ] [ "_total" (counters) ]
/// </code>
/// Other units are no units there: "1", and what is counted, such as "{reading}", which the name says already.
/// </summary>
internal static class PrometheusName
{
    public static string Of(string instrument, string? unit, bool isCounter)
    {
        string suffix = unit switch
        {
            "By" => "_bytes",
            "s" => "_seconds",
            _ => "",
        };
        return instrument.Replace('.', '_') + suffix + (isCounter ? "_total" : "");
    }
}

namespace EdgeAgent.Ingestion.Configs;

/// <summary>What somebody asked for cannot be done, and nothing of it was. An exception, because that is what takes a transaction back.</summary>
/// <param name="message">Why, and what to do; for people.</param>
/// <param name="isMissing">It names something that is not there.</param>
internal sealed class ConfigRefusedException(string message, bool isMissing = false) : Exception(message)
{
    public bool IsMissing => isMissing;

    public static ConfigRefusedException Missing(string what) => new($"There is no {what}.", isMissing: true);
}

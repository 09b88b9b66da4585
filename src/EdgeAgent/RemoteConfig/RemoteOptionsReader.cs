using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>Section <c>remote</c>.</summary>
internal static class RemoteOptionsReader
{
    public static RemoteOptions Read(ConfigSection section)
    {
        var standard = new RemoteOptions();
        return new RemoteOptions
        {
            Watch = section.Flag("watch", standard.Watch),
            Bootstrap = section.Flag("bootstrap", standard.Bootstrap),
            Trial = section.Time("trial", standard.Trial, RemoteOptions.ShortestTrial, RemoteOptions.LongestTrial),
        };
    }
}

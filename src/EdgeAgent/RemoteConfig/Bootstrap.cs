using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// Where the cloud is. Whoever gets this wrong cannot be told so: a revision changes it only where somebody meant to, and only after the new place has answered.
/// </summary>
internal static class Bootstrap
{
    private static readonly string[] Keys = ["endpoint", "endpoints", "serverName", "ca", "pin", "proxy", "proxyUser", "proxyPassword", "proxyCa"];

    /// <summary>The keys of section <c>cloud</c> in which two whole configurations differ.</summary>
    public static IReadOnlyList<string> Differences(ConfigNode one, ConfigNode other) =>
        [.. Keys.Where(key => Canonical(one, key) != Canonical(other, key))];

    /// <summary>What is wrong with a revision that changes these keys, where something is.</summary>
    public static IEnumerable<RevisionError> Violations(IReadOnlyList<string> changed, RevisionHeader revision, RemoteOptions options)
    {
        string? obstacle = !revision.MayChangeBootstrap
            ? "This changes where the cloud is, and the revision is not marked to do that. Push it with --bootstrap, or leave it out."
            : !options.Bootstrap ? "This changes where the cloud is, which the device's own file does not allow (remote.bootstrap). Leave it out." : null;
        return obstacle is null ? [] : changed.Select(key => new RevisionError($"/cloud/{key}", obstacle));
    }

    private static string? Canonical(ConfigNode root, string key) => Member(Member(root, "cloud"), key)?.Canonical;

    private static ConfigNode? Member(ConfigNode? node, string name) => node?.Members.FirstOrDefault(member => member.Name == name)?.Value;
}

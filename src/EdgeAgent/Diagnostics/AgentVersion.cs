using System.Reflection;

namespace EdgeAgent.Diagnostics;

/// <summary>The version of this program, as it was built.</summary>
internal static class AgentVersion
{
    /// <summary>"1.2.3", or with the commit behind it "1.2.3+0a1b2c".</summary>
    public static string Value { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}

namespace Grpc.Core;

/// <summary>The version of the packages whose API this is.</summary>
public static class VersionInfo
{
    /// <summary>The version of the assemblies.</summary>
    public const string CurrentAssemblyVersion = "2.0.0.0";

    /// <summary>The version of the files.</summary>
    public const string CurrentAssemblyFileVersion = "2.71.0.0";

    /// <summary>The version of the packages.</summary>
    public const string CurrentVersion = "2.71.0";
}

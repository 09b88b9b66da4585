using System.Diagnostics.CodeAnalysis;

namespace EdgeAgent.Ingestion.People;

/// <summary>Roles as they are written: <c>viewer</c>, <c>operator</c>, <c>admin</c>.</summary>
internal static class Roles
{
    public const string All = "viewer, operator or admin";

    public static string Name(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Operator => "operator",
        _ => "viewer",
    };

    public static bool TryParse([NotNullWhen(true)] string? text, out Role role)
    {
        (bool isKnown, role) = text switch
        {
            "viewer" => (true, Role.Viewer),
            "operator" => (true, Role.Operator),
            "admin" => (true, Role.Admin),
            _ => (false, Role.Viewer),
        };
        return isKnown;
    }

    /// <summary>A role that was stored. A newer version may know further ones: to this one they allow reading.</summary>
    public static Role Stored(string text) => TryParse(text, out Role role) ? role : Role.Viewer;
}

using System.Text.Json.Serialization;

namespace EdgeAgent.Ingestion.People;

/// <summary>What a person or program may do. Each may do what those before it may.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
internal enum Role
{
    /// <summary>Read everything but the people.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Change what devices do and may: configurations, rollouts, revocation, quarantine, requests to devices.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Decide who else may.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}

using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.People;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>Who may use this service, and who has: as the page and the commands send and get it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignInForm))]
[JsonSerializable(typeof(WhoAnswer))]
[JsonSerializable(typeof(AccountForm))]
[JsonSerializable(typeof(PasswordForm))]
[JsonSerializable(typeof(AccountsAnswer))]
[JsonSerializable(typeof(ApiTokenForm))]
[JsonSerializable(typeof(NewApiTokenAnswer))]
[JsonSerializable(typeof(ApiTokensAnswer))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
internal sealed partial class PeopleJson : JsonSerializerContext;

internal sealed record SignInForm(string? Name, string? Password);

/// <param name="Name">Who is asking; null: it is not known.</param>
/// <param name="Role">What it may do.</param>
/// <param name="MayRead">Whether it may read what devices have sent.</param>
internal sealed record WhoAnswer(string? Name, Role? Role, bool MayRead);

internal sealed record AccountForm(string? Name, string? Role, string? Password);

internal sealed record PasswordForm(string? Password);

internal sealed record AccountView(string Name, Role Role, string Created, string Author);

internal sealed record AccountsAnswer(IReadOnlyList<AccountView> Users);

/// <param name="Name">What the token is for.</param>
/// <param name="Role">What it allows.</param>
/// <param name="LifetimeSeconds">How long it is valid; null: until it is withdrawn.</param>
internal sealed record ApiTokenForm(string? Name, string? Role, long? LifetimeSeconds);

/// <param name="Name">As it was asked for.</param>
/// <param name="Token">The secret, this once.</param>
internal sealed record NewApiTokenAnswer(string Name, string Token);

internal sealed record ApiTokenView(string Name, Role Role, string Created, string? Expires, string Author);

internal sealed record ApiTokensAnswer(IReadOnlyList<ApiTokenView> Tokens);

/// <param name="Done">What was done, in words.</param>
internal sealed record DoneAnswer(string Done);

internal sealed record AuditView(
    long Id, string Time, long UnixNanoseconds, string Caller, string Action, string? Device, string? Note, int? Outcome);

internal sealed record AuditAnswer(IReadOnlyList<AuditView> Entries);

using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>
/// Who may use this service, for administrators:
/// <code>
/// GET  users                                             { users: [{ name, role, created, author }] }
/// POST users { name, role, password }                    POST users/NAME/password { password }       POST users/NAME/remove {}
/// GET  api-tokens                                        { tokens: [{ name, role, created, expires, author }] }
/// POST api-tokens { name, role, lifetimeSeconds }        { name, token }                             POST api-tokens/NAME/withdraw {}
/// </code>
/// </summary>
internal static class PeopleApi
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(3660);

    public static void Map(RouteGroupBuilder admin)
    {
        MapUsers(admin.MapGroup("/users").RequireRole(Role.Admin));
        MapTokens(admin.MapGroup("/api-tokens").RequireRole(Role.Admin));
    }

    private static void MapUsers(RouteGroupBuilder users)
    {
        users.MapGet("", static (Accounts accounts) => TypedResults.Ok(new AccountsAnswer(
            [.. accounts.All().Select(static each => new AccountView(each.Name, each.Role, UnixTime.Format(each.CreatedUnixNanoseconds), each.Author))])));
        users.MapPost("", static IResult (HttpContext context, AccountForm form, Accounts accounts) =>
        {
            if (AccountRules.Problem(form.Name, form.Password) is { } problem)
            {
                return Bad(problem);
            }
            if (!Roles.TryParse(form.Role, out Role role))
            {
                return Bad($"A role is {Roles.All}.");
            }
            AuditNote.Set(context, null, $"{form.Name}, {Roles.Name(role)}");
            return accounts.Add(form.Name!, role, form.Password!, AdminCaller.Name(context))
                ? Done($"{form.Name} may sign in as {Roles.Name(role)}.")
                : TypedResults.Problem($"There is a user {form.Name} already.", statusCode: StatusCodes.Status409Conflict);
        });
        users.MapPost("/{name}/password", static IResult (string name, PasswordForm form, Accounts accounts) =>
            AccountRules.PasswordProblem(form.Password) is { } problem ? Bad(problem)
                : accounts.SetPassword(name, form.Password!) ? Done($"{name} has another password, and is signed out everywhere.")
                : Missing($"There is no user {name}."));
        users.MapPost("/{name}/remove", static IResult (string name, Accounts accounts) =>
            accounts.Remove(name) ? Done($"{name} may not sign in any more, and is signed out everywhere.") : Missing($"There is no user {name}."));
    }

    private static void MapTokens(RouteGroupBuilder tokens)
    {
        tokens.MapGet("", static (ApiTokens tokens) => TypedResults.Ok(new ApiTokensAnswer(
            [.. tokens.All().Select(static each => new ApiTokenView(
                each.Name, each.Role, UnixTime.Format(each.CreatedUnixNanoseconds),
                each.ExpiresUnixNanoseconds is { } end ? UnixTime.Format(end) : null, each.Author))])));
        tokens.MapPost("", static IResult (HttpContext context, ApiTokenForm form, ApiTokens tokens) =>
        {
            if (form.Name is null || !Accounts.IsName(form.Name))
            {
                return Bad(AccountRules.NameRule);
            }
            if (!Roles.TryParse(form.Role, out Role role))
            {
                return Bad($"A role is {Roles.All}.");
            }
            if (form.LifetimeSeconds is < 1 || form.LifetimeSeconds > LongestLifetime.TotalSeconds)
            {
                return Bad($"A token is valid for 1 s to {LongestLifetime.TotalDays} d, or until it is withdrawn.");
            }
            AuditNote.Set(context, null, $"{form.Name}, {Roles.Name(role)}");
            TimeSpan? lifetime = form.LifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            return tokens.Create(form.Name, role, lifetime, AdminCaller.Name(context)) is { } token
                ? TypedResults.Ok(new NewApiTokenAnswer(form.Name, token))
                : TypedResults.Problem($"There is a token {form.Name} already.", statusCode: StatusCodes.Status409Conflict);
        });
        tokens.MapPost("/{name}/withdraw", static IResult (string name, ApiTokens tokens) =>
            tokens.Withdraw(name) ? Done($"The token {name} is withdrawn.") : Missing($"There is no token {name}."));
    }

    private static Ok<DoneAnswer> Done(string what) => TypedResults.Ok(new DoneAnswer(what));

    private static ProblemHttpResult Bad(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);

    private static ProblemHttpResult Missing(string problem) => TypedResults.Problem(problem, statusCode: StatusCodes.Status404NotFound);
}

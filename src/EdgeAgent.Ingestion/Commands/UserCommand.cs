using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.People;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion user add|passwd|remove|list: who may sign in to the page.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = AccountRules.NameRule };

    private static readonly Option<string> RoleOption = new("--role") { Description = $"What the user may do: {Roles.All}.", DefaultValueFactory = static _ => "viewer" };

    private static readonly Option<bool> Offline = new("--offline") { Description = "Writes the embedded database in the data folder, while the service is down." };

    public static Command Create()
    {
        var users = new Command("user", "The people who may sign in to the page.")
        {
            new Command("add", "Lets a person sign in. The password is asked for, or read from the standard input.") { Name, RoleOption, Offline }.Does(AddAsync),
            new Command("passwd", "Sets another password, and signs the person out everywhere.") { Name }.Does(static (parsed, client, stop) =>
                ChangeAsync(
                    parsed, client, "password", new PasswordForm(PasswordPrompt.Read("New password: ")), PeopleJson.Default.PasswordForm, stop)),
            new Command("remove", "Lets a person sign in no more, and signs them out everywhere.") { Name }.Does(static (parsed, client, stop) =>
                ChangeAsync(parsed, client, "remove", new EmptyRequest(), PeopleJson.Default.EmptyRequest, stop)),
            new Command("list", "Who may sign in.").Does(static async (parsed, client, stop) => AdminAction.Print(
                parsed, await client.GetAsync("users", PeopleJson.Default.AccountsAnswer, stop), PeopleJson.Default.AccountsAnswer, static answer => TextTable.Lines(
                    [["NAME", "ROLE", "CREATED", "BY"], .. answer.Users.Select(static each => (string[])[each.Name, Roles.Name(each.Role), each.Created, each.Author])]))),
        };
        users.Options.Add(AdminAction.Json);
        return AdminClient.WithOptions(users);
    }

    private static async Task AddAsync(ParseResult parsed, AdminClient client, CancellationToken stop)
    {
        var form = new AccountForm(parsed.GetRequiredValue(Name), parsed.GetValue(RoleOption), PasswordPrompt.Read("Password: "));
        DoneAnswer answer = parsed.GetValue(Offline)
            ? await AddToDatabaseAsync(AdminClient.DataFolder(parsed), form)
            : await client.PostAsync("users", form, PeopleJson.Default.AccountForm, PeopleJson.Default.DoneAnswer, stop);
        Print(parsed, answer);
    }

    private static async Task ChangeAsync<T>(ParseResult parsed, AdminClient client, string what, T request, JsonTypeInfo<T> form, CancellationToken stop) => Print(
        parsed,
        await client.PostAsync(
            $"users/{Uri.EscapeDataString(parsed.GetRequiredValue(Name))}/{what}", request, form, PeopleJson.Default.DoneAnswer, stop));

    private static void Print(ParseResult parsed, DoneAnswer answer) => AdminAction.Print(parsed, answer, PeopleJson.Default.DoneAnswer, static answer => [answer.Done]);

    /// <exception cref="HttpRequestException">It is refused.</exception>
    private static async Task<DoneAnswer> AddToDatabaseAsync(string folder, AccountForm form)
    {
        string? problem = AccountRules.Problem(form.Name, form.Password);
        if (!Roles.TryParse(form.Role, out Role role))
        {
            problem ??= $"A role is {Roles.All}.";
        }
        if (problem is not null)
        {
            throw new HttpRequestException(problem);
        }
        try
        {
            StepDown.ToOwnerOf(folder);
            await using var database = new SqliteControlDatabase(folder, IngestionHost.Tables, TimeProvider.System);
            return new Accounts(database, TimeProvider.System).Add(form.Name!, role, form.Password!, "the command line")
                ? new DoneAnswer($"{form.Name} may sign in as {form.Role}.")
                : throw new HttpRequestException($"There is a user {form.Name} already.");
        }
        catch (Exception failure) when (failure is StoreUnavailableException or IOException or Microsoft.Data.Sqlite.SqliteException or InvalidDataException)
        {
            throw new HttpRequestException(failure.Message, failure);
        }
    }
}

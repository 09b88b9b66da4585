using System.CommandLine;
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
        var add = new Command("add", "Lets a person sign in. The password is asked for, or read from the standard input.") { Name, RoleOption, Offline };
        AdminAction.SetAction(add, static async (client, parsed, stop) =>
        {
            var form = new AccountForm(parsed.GetRequiredValue(Name), parsed.GetValue(RoleOption), PasswordPrompt.Read("Password: "));
            return parsed.GetValue(Offline)
                ? await AddToDatabaseAsync(AdminClient.DataFolder(parsed), form)
                : (await client.PostAsync("users", form, PeopleJson.Default.AccountForm, PeopleJson.Default.DoneAnswer, stop)).Done;
        });
        var passwd = new Command("passwd", "Sets another password, and signs the person out everywhere.") { Name };
        AdminAction.SetAction(passwd, static async (client, parsed, stop) => (await client.PostAsync(
            $"users/{Escaped(parsed)}/password", new PasswordForm(PasswordPrompt.Read("New password: ")), PeopleJson.Default.PasswordForm,
            PeopleJson.Default.DoneAnswer, stop)).Done);
        var remove = new Command("remove", "Lets a person sign in no more, and signs them out everywhere.") { Name };
        AdminAction.SetAction(remove, static async (client, parsed, stop) => (await client.PostAsync(
            $"users/{Escaped(parsed)}/remove", new NothingForm(), PeopleJson.Default.NothingForm, PeopleJson.Default.DoneAnswer, stop)).Done);
        var list = new Command("list", "Who may sign in.");
        AdminAction.SetAction(list, static async (client, _, stop) => Table.Of(
            ["NAME", "ROLE", "CREATED", "BY"],
            (await client.GetAsync("users", PeopleJson.Default.AccountsAnswer, stop)).Users
                .Select(static each => (string[])[each.Name, Roles.Name(each.Role), each.Created, each.Author])));
        return AdminClient.WithOptions(new Command("user", "The people who may sign in to the page.") { add, passwd, remove, list });
    }

    private static string Escaped(ParseResult parsed) => Uri.EscapeDataString(parsed.GetRequiredValue(Name));

    /// <exception cref="HttpRequestException">It is refused.</exception>
    private static async Task<string> AddToDatabaseAsync(string folder, AccountForm form)
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
            await using var database = new SqliteControlDatabase(folder, IngestionHost.Tables, TimeProvider.System);
            return new Accounts(database, TimeProvider.System).Add(form.Name!, role, form.Password!, "the command line")
                ? $"{form.Name} may sign in as {form.Role}."
                : throw new HttpRequestException($"There is a user {form.Name} already.");
        }
        catch (Exception failure) when (failure is StoreUnavailableException or Microsoft.Data.Sqlite.SqliteException or InvalidDataException)
        {
            throw new HttpRequestException(failure.Message, failure);
        }
    }
}

namespace EdgeAgent.Ingestion.People;

/// <summary>What names and passwords must be, for the API and for the command that writes the database itself.</summary>
internal static class AccountRules
{
    public const string NameRule = "A name is 1 to 64 letters, digits, '.', '_' and '-'.";

    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Problem(string? name, string? password) => name is null || !Accounts.IsName(name) ? NameRule : PasswordProblem(password);

    /// <inheritdoc cref="Problem"/>
    public static string? PasswordProblem(string? password) => password?.Length is >= PasswordHash.FewestCharacters and <= PasswordHash.MostCharacters
        ? null
        : $"A password has {PasswordHash.FewestCharacters} to {PasswordHash.MostCharacters} characters.";
}

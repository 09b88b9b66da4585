using System.Text;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>Reads a password: unseen from a terminal, or a line of what is piped in. Never from the command line, which others can see.</summary>
internal static class PasswordPrompt
{
    /// <returns>Null where nothing was given.</returns>
    public static string? Read(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return typed.Length == 0 ? null : typed.ToString();
                case ConsoleKey.Backspace when typed.Length > 0:
                    typed.Length--;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        typed.Append(key.KeyChar);
                    }
                    break;
            }
        }
    }
}

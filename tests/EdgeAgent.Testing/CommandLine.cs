using System.Reflection;

namespace EdgeAgent.Testing;

/// <summary>A program as it is started, in this process: its entry point with arguments, and what it prints.</summary>
public static class CommandLine
{
    /// <summary>The console belongs to the process: whoever redirects it must be alone. A name for an xunit collection.</summary>
    public const string Collection = "console";

    public static (int ExitCode, string Output, string Error) Run(Assembly program, params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var captured = new StringWriter();
        using var capturedError = new StringWriter();
        try
        {
            Console.SetOut(captured);
            Console.SetError(capturedError);
            int exitCode = (int)program.EntryPoint!.Invoke(null, [arguments])!;
            return (exitCode, captured.ToString(), capturedError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}

namespace MQTTnet.Polyfill.Tests;

/// <summary>How long tests wait for what must come. Far more than it takes; a test that uses it up has failed.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task InTime(this Task task) => task.WaitAsync(Limit);
}

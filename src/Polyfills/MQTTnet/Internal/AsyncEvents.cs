namespace MQTTnet.Internal;

/// <summary>Events whose handlers return tasks.</summary>
internal static class AsyncEvents
{
    /// <summary>Runs all handlers, one after the other. An exception ends the row and flies.</summary>
    public static async Task InvokeAsync<TEvent>(Func<TEvent, Task>? handlers, TEvent happened)
    {
        foreach (Func<TEvent, Task> handler in Delegate.EnumerateInvocationList(handlers))
        {
            await handler(happened).ConfigureAwait(false);
        }
    }
}

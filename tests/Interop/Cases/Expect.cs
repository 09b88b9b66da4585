using Grpc.Core;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>What a case expects; where it does not hold, the exception's message is what stands behind FAIL.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new UnmetExpectationException($"{what}: {actual} instead of {expected}");
        }
    }

    public static void Zeros(int size, Payload? payload)
    {
        Equal(size, payload?.Body.Length ?? 0, "bytes of the payload");
        Equal(false, payload?.Body.Span.ContainsAnyExcept((byte)0) ?? false, "something else than zeros in the payload");
    }

    public static async Task<RpcException> StatusAsync(StatusCode expected, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException failure)
        {
            Equal(expected, failure.StatusCode, $"status ({failure.Status.Detail})");
            return failure;
        }
        throw new UnmetExpectationException($"the call succeeded instead of {expected}");
    }
}

/// <summary>The peer did something else than the case expects.</summary>
internal sealed class UnmetExpectationException(string message) : Exception(message);

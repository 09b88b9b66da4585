using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics.Limits;

/// <summary>Makes loggers that say the same only so often, over all places that a log goes to.</summary>
internal sealed class LimitedLoggerFactory(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    private readonly LogLimits _limits = new(time);

    public ILogger CreateLogger(string categoryName) => new LimitedLogger(inner.CreateLogger(categoryName), categoryName, _limits);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        _limits.Dispose();
        inner.Dispose();
    }
}

/// <summary>The same for a host.</summary>
internal static class LimitedLogging
{
    /// <summary>Takes the place of the factory that is registered.</summary>
    public static IServiceCollection AddLimitedLogging(this IServiceCollection services, TimeProvider time) => services
        .AddSingleton<LoggerFactory>()
        .AddSingleton<ILoggerFactory>(provider => new LimitedLoggerFactory(provider.GetRequiredService<LoggerFactory>(), time));
}

using EdgeAgent.Testing;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A <see cref="StricterFactAttribute"/> that needs a mosquitto.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StricterMosquittoFactAttribute : FactAttribute
{
    public StricterMosquittoFactAttribute(string package) =>
        Skip = new InstalledFactAttribute("mosquitto").Skip ?? new StricterFactAttribute(package).Skip;
}

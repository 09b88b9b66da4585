namespace MQTTnet.Polyfill.Tests;

/// <summary>
/// A guarantee that this repository's implementation gives and version 5.0.1 of the package does not. Against the package it is skipped, with
/// what the package does instead, so that nobody relies on more than both do without knowing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StricterFactAttribute : FactAttribute
{
    public StricterFactAttribute(string package)
    {
        if (typeof(IMqttClient).Assembly.GetName().Version?.Major >= 5)
        {
            Skip = $"The package {package}.";
        }
    }
}

using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Section <c>recover</c> of a bus.</summary>
internal static class RecoveryOptionsReader
{
    public static RecoveryOptions Read(ConfigSection section)
    {
        bool driver = section.Flag("driver", false);
        string? scl = section.Text("scl"), sda = section.Text("sda");
        if (scl is null != sda is null)
        {
            section.ReportSection("The bus is clocked free through two lines. Name both, scl and sda, or neither.");
        }
        return new RecoveryOptions { Driver = driver, Lines = scl is not null && sda is not null ? (scl, sda) : null };
    }
}

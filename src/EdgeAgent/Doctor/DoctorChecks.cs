using EdgeAgent.Doctor.Checks;

namespace EdgeAgent.Doctor;

/// <summary>All checks, in the order in which a person would look: first the device, then what it keeps, then whom it talks to, then what it reads.</summary>
internal static class DoctorChecks
{
    public static IReadOnlyList<IDoctorCheck> Of(ExaminedDevice device)
    {
        var cloud = new CloudVisits(device);
        return
        [
            new ConfigurationCheck(device),
            new UnitCheck(device),
            new KernelCheck(device),
            new MemoryCheck(device),
            new ClockCheck(device, cloud),
            new DiskCheck(device),
            new FlashCheck(device),
            new CertificateCheck(device),
            new DnsCheck(device),
            new ProxyCheck(device),
            new CloudCheck(device, cloud),
            new BrokerCheck(device),
            new IntakeCheck(device),
            new I2cCheck(device),
            new GpioCheck(device),
            new KernelSensorCheck(device),
        ];
    }
}

using Container.Native.Cgroups.Hierarchies;
using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Systemd;

/// <summary>systemd over D-Bus: org.freedesktop.systemd1(5).</summary>
internal sealed class SystemdManager : IDisposable
{
    private const string Service = "org.freedesktop.systemd1";
    private const string Target = "/org/freedesktop/systemd1";
    private const string Interface = "org.freedesktop.systemd1.Manager";
    private const string UnitExists = "org.freedesktop.systemd1.UnitExists";
    private const string NoSuchUnit = "org.freedesktop.systemd1.NoSuchUnit";
    private readonly BusConnection bus;

    private SystemdManager(BusConnection bus) => this.bus = bus;

    /// <summary>Connects to the manager of the system, or of the user.</summary>
    public static SystemdManager Open(bool user)
    {
        string path = user ? UserBus() : "/run/dbus/system_bus_socket";
        try
        {
            return new SystemdManager(BusConnection.Open(path));
        }
        catch (SystemCallException failure)
        {
            throw new CgroupException(
                null, null, $"the systemd cgroup driver needs systemd and its D-Bus at '{path}': {failure.Message}; "
                + "use --cgroup-manager=cgroupfs where there is none", failure);
        }
    }

    /// <summary>The cgroup of the manager itself, below which all of its units are.</summary>
    public string GetControlGroup()
    {
        BusWriter body = new();
        body.Text(Interface);
        body.Text("ControlGroup");
        BusMessage answer = bus.Call(
            Service, Target, "org.freedesktop.DBus.Properties", "Get", "ss", body.ToArray());
        BusReader reader = new(answer.Body);
        return reader.Signature() == "s" ? reader.Text() : "";
    }

    /// <summary>Starts a scope and waits until it is there.</summary>
    public void Start(string unit, IReadOnlyList<SystemdProperty> properties)
    {
        try
        {
            RunJob(unit, "StartTransientUnit", "ssa(sv)a(sa(sv))", Write);
        }
        catch (BusException failure) when (failure.Name == UnitExists)
        {
            // One that failed stays until it is reset; one that is in use makes the second try fail too.
            Reset(unit);
            RunJob(unit, "StartTransientUnit", "ssa(sv)a(sa(sv))", Write);
        }

        void Write(BusWriter body)
        {
            body.Text(unit);
            body.Text("fail");
            SystemdProperty.Write(body, properties);
            body.Array(8, static () => { });
        }
    }

    /// <summary>Stops a scope; one that is gone is no failure.</summary>
    public void Stop(string unit)
    {
        try
        {
            RunJob(unit, "StopUnit", "ss", body =>
            {
                body.Text(unit);
                body.Text("replace");
            });
        }
        catch (BusException failure) when (failure.Name == NoSuchUnit)
        {
            return;
        }

        Reset(unit);
    }

    /// <summary>Moves a process into the unit's cgroup.</summary>
    public void Attach(string unit, int pid)
    {
        BusWriter body = new();
        body.Text(unit);
        body.Text("");
        body.Array(sizeof(uint), () => body.UInt32((uint)pid));
        bus.Call(Service, Target, Interface, "AttachProcessesToUnit", "ssau", body.ToArray());
    }

    /// <summary>Changes limits until the unit ends.</summary>
    public void Set(string unit, IReadOnlyList<SystemdProperty> properties)
    {
        BusWriter body = new();
        body.Text(unit);
        body.Flag(true);
        SystemdProperty.Write(body, properties);
        bus.Call(Service, Target, Interface, "SetUnitProperties", "sba(sv)", body.ToArray());
    }

    public void Dispose() => bus.Dispose();

    private void Reset(string unit)
    {
        BusWriter body = new();
        body.Text(unit);
        try
        {
            bus.Call(Service, Target, Interface, "ResetFailedUnit", "s", body.ToArray());
        }
        catch (BusException failure) when (failure.Name == NoSuchUnit)
        {
            // Gone with its last process.
        }
    }

    private void RunJob(string unit, string method, string signature, Action<BusWriter> write)
    {
        // Before the call: the job may be over when it returns.
        bus.AddMatch($"type='signal',sender='{Service}',interface='{Interface}',member='JobRemoved'");
        BusWriter body = new();
        write(body);
        BusMessage answer = bus.Call(Service, Target, Interface, method, signature, body.ToArray());
        string job = new BusReader(answer.Body).Text();
        while (true)
        {
            BusReader signal = new(bus.WaitForSignal("JobRemoved").Body);
            signal.UInt32();
            if (signal.Text() != job) continue;
            signal.Text();
            string result = signal.Text();
            if (result is "done" or "skipped") return;
            throw new CgroupException(null, null, $"systemd: {method} of '{unit}' ended with '{result}'");
        }
    }

    private static string UserBus()
    {
        const string Prefix = "unix:path=";

        string? address = Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
        if (address?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            return address[Prefix.Length..].Split(',', ';')[0];
        return (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "/run/user/" + Users.geteuid()) + "/bus";
    }
}

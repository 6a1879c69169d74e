using Container.Native.Compilation;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Oci;

/// <summary>Every document that psrun or the engine reads: refused as an <see cref="DocumentException"/> or read.</summary>
public sealed class FuzzTests
{
    private static byte[][] Configurations =>
    [
        OciDocument.Write(DefaultSpec.Create()),
        OciDocument.Write(DefaultSpec.CreateRootless()),
        File.ReadAllBytes(Path.Join(Repository.Root, "tests", "Native", "Launch", "Plans", "full.json")),
    ];

    [Fact]
    public void A_configuration_is_read_or_refused() =>
        Run(static json => _ = OciDocument.Write(OciDocument.ReadSpec(json)), Configurations);

    [Fact]
    public void A_configuration_makes_a_plan_or_is_refused() => Fuzzer.Run(
        Configurations,
        static json =>
        {
            LaunchOptions options = new() { Id = "plan", Bundle = "/bundle", Privileged = false };
            using LaunchPlan plan = InitCompiler.Compile(OciDocument.ReadSpec(json), options).Plan;
            _ = plan.ToString();
        },
        static failure => failure is DocumentException or SystemCallException);

    [Fact]
    public void A_process_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadProcess(json), OciDocument.Write(DefaultSpec.Create().Process!));

    [Fact]
    public void Resources_are_read_or_refused() => Run(
        static json => _ = OciDocument.ReadResources(json),
        """{"memory":{"limit":1,"swap":-1},"cpu":{"shares":2,"cpus":"0-1"},"pids":{"limit":3},"blockIO":{"weight":10},"unified":{"memory.high":"b"}}"""u8
            .ToArray());

    [Fact]
    public void A_filter_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadSeccomp(json),
        """{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}]}"""u8
            .ToArray());

    [Fact]
    public void A_packet_of_the_monitor_is_read_or_refused() => Run(
        static json => _ = MonitorDocument.ReadMessage(json),
        """{"type":"exec","id":"x","message":"m","exitCode":1,"pid":7,"detach":true,"width":80,"height":24,"operation":"o","path":"/p","errno":2,"hint":"h"}"""u8
            .ToArray());

    [Fact]
    public void A_request_to_the_monitor_is_read_or_refused() => Run(
        static json => _ = MonitorDocument.ReadRequest(json),
        """{"id":"x","health":{"command":["true"],"interval":1},"rootfs":{"layers":["/a"],"upper":"/b"}}"""u8.ToArray());

    [Fact]
    public void A_state_is_read_or_refused() => Run(
        static json => _ = OciDocument.ReadState(json),
        """{"ociVersion":"1.0.2","id":"x","status":"running","pid":1,"bundle":"/b","annotations":{"a":"b"}}"""u8.ToArray());

    [Fact]
    public void A_state_of_the_monitor_is_read_or_refused() => Run(
        static json => _ = MonitorDocument.ReadState(json),
        """{"status":"exited","pid":1,"pidStartTime":2,"bootId":"b","startedAt":"2026-11-30T01:02:03+00:00","exitCode":1,"health":{"status":"healthy"},"error":{"message":"m"}}"""u8
            .ToArray());

    [Fact]
    public void An_event_is_read_or_refused() => Run(
        static json => _ = MonitorDocument.ReadEvent(json),
        """{"time":"2026-11-30T01:02:03+00:00","type":"container","action":"start","id":"x","name":"n","attributes":{"a":"b"}}"""u8
            .ToArray());

    [Fact]
    public void Features_are_read_or_refused() => Run(
        static json => _ = OciDocument.ReadFeatures(json),
        """{"ociVersionMin":"1.0.0","hooks":["prestart"],"linux":{"namespaces":["pid"],"cgroup":{"v1":true},"seccomp":{"enabled":true,"actions":["a"]}}}"""u8
            .ToArray());

    private static void Run(Action<byte[]> read, params byte[][] seeds) =>
        Fuzzer.Run(seeds, read, static failure => failure is DocumentException);
}

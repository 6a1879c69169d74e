using System.Management.Automation;
using System.Text.RegularExpressions;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Logs;

namespace Container.Cmdlets.Commands;

/// <summary>Gets what containers wrote, line by line.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCommand : ContainerTargetCommand
{
    private readonly List<ContainerRecord> _followed = [];

    /// <summary>Only the last lines.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only what was written at this time or later.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Only what was written before this time.</summary>
    [Parameter]
    public DateTime? Until { get; set; }

    /// <summary>Only one of the streams.</summary>
    [Parameter]
    public LogStream? Stream { get; set; }

    /// <summary>Only lines that match this regular expression, in either case.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidatePatternText]
    public string? Pattern { get; set; }

    /// <summary>Go on as the containers write, until they end.</summary>
    [Parameter]
    [Alias("Follow")]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_followed.Count == 1) Attempt(_followed[0].Name, () => Write(_followed[0]));
        else if (_followed.Count > 1) Attempt(null, Follow);
    }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (Wait) _followed.Add(container);
        else Write(container);
    }

    private void Write(ContainerRecord container)
    {
        foreach (ContainerLogEntry entry in Read(container, StopToken)) WriteObject(entry);
    }

    /// <summary>Several logs at a time, each line as it comes.</summary>
    private void Follow()
    {
        using System.Collections.Concurrent.BlockingCollection<ContainerLogEntry> entries = new(boundedCapacity: 1024);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        Task[] readers = [.. _followed.Select(container => Task.Factory.StartNew(
            () =>
            {
                foreach (ContainerLogEntry entry in Read(container, end.Token)) entries.Add(entry, end.Token);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task all = Task.WhenAll(readers);
        Task done = all.ContinueWith(
            _ => entries.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            foreach (ContainerLogEntry entry in entries.GetConsumingEnumerable(StopToken)) WriteObject(entry);
            all.GetAwaiter().GetResult();
        }
        finally
        {
            // The pipeline can end early, as with Select-Object -First.
            end.Cancel();
            done.Wait(CancellationToken.None);
        }
    }

    private IEnumerable<ContainerLogEntry> Read(ContainerRecord container, CancellationToken token)
    {
        Regex? pattern = Pattern is null ? null : TextPattern.Get(Pattern);
        LogOptions options = new()
        {
            Tail = Tail,
            Since = Since is { } since ? new DateTimeOffset(since) : null,
            Until = Until is { } until ? new DateTimeOffset(until) : null,
            Stream = Stream,
            Follow = Wait,
        };
        foreach (LogEntry entry in Engine.Containers.ReadLog(container.Id, options, token))
        {
            if (pattern?.IsMatch(entry.Line) == false) continue;
            yield return new ContainerLogEntry
            {
                Timestamp = entry.Timestamp.LocalDateTime,
                Stream = entry.Stream,
                Line = entry.Line,
                Container = container.Name,
                ContainerId = container.Id,
            };
        }
    }
}

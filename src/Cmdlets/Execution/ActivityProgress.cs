using System.Globalization;
using System.Management.Automation;
using Container.Cmdlets.Views;
using Container.Engine.Images;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Shows how far something is that takes its time. Only the pipeline's own thread may write, and a bar that moves more
/// than ten times a second costs more than it tells.
/// </summary>
internal sealed class ActivityProgress(PSCmdlet cmdlet, string activity, string target)
    : IProgress<ImageProgress>, IDisposable
{
    private const int Interval = 100;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly string _target = VisibleText.OfMessage(target);
    private readonly int _activity = target.GetHashCode(StringComparison.Ordinal) & int.MaxValue;
    private long _last;
    private bool _shown;

    public void Report(ImageProgress value) => Report(
        value.TotalBytes > 0 ? (int)Math.Min(100, 100 * value.Bytes / value.TotalBytes) : -1, null);

    /// <summary>Says how many bytes are done, of whom nobody knows how many there are.</summary>
    public void Report(long bytes) =>
        Report(-1, string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB"));

    public void Dispose()
    {
        if (!_shown) return;
        cmdlet.WriteProgress(new ProgressRecord(_activity, activity, _target)
        {
            RecordType = ProgressRecordType.Completed,
        });
    }

    private void Report(int percent, string? operation)
    {
        long now = Environment.TickCount64;
        if (Environment.CurrentManagedThreadId != _thread || now - _last < Interval) return;
        _last = now;
        _shown = true;
        ProgressRecord record = new(_activity, activity, _target) { PercentComplete = percent };
        if (operation is not null) record.CurrentOperation = operation;
        cmdlet.WriteProgress(record);
    }
}

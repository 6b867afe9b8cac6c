# pipeline.pl PORT COUNT TARGET [read|never]: COUNT requests in one go on one connection of loopback. Prints how many answers came,
# by status. With "never" nothing is read: prints "full" once the other side takes no more of them.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

my ($port, $count, $target, $mode) = @ARGV;
my $connection = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "can't connect: $!\n";
$SIG{PIPE} = 'IGNORE';
$connection->blocking(0);
my $ready = IO::Select->new($connection);
my $request = "GET $target HTTP/1.1\r\nHost: x\r\n\r\n" x ($count - 1) . "GET $target HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
my ($sent, $text, %answers) = (0, '');
if ($mode eq 'never') {
	while ($ready->can_write(3)) {
		my $wrote = syswrite $connection, $request, length($request) - $sent, $sent;
		last unless $wrote && ($sent += $wrote) < length $request;
	}
	print $sent < length $request ? "full\n" : "took them all\n";
	close STDOUT;
	<STDIN>; # holds the connection until it is told to go
	exit;
}
for (;;) {
	if ($sent < length $request && $ready->can_write(0)) {
		$sent += syswrite($connection, $request, length($request) - $sent, $sent) // 0;
	}
	next if $sent < length $request && !$ready->can_read(0.01);
	$ready->can_read(20) or last;
	my $got = sysread $connection, $text, 1 << 16, length $text;
	last unless $got;
	$answers{$1}++ while $text =~ s/^.*?HTTP\/1\.1 (\d+) [^\r]*\r\n//s;
	$text = substr $text, -4096 if length $text > 4096;
}
print join(' ', map { "$_:$answers{$_}" } sort keys %answers), "\n";

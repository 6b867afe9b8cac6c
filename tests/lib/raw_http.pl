# raw_http.pl PORT: sends stdin to a port of loopback, byte for byte, and prints what comes back; "closed" when that is
# nothing but an end, "waiting" when the other side still waits for more after two seconds.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

$SIG{PIPE} = 'IGNORE'; # refused before all was sent: what it said counts
my $connection = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ARGV[0]) or die "can't connect: $!\n";
binmode STDIN;
local $/;
my $request = <STDIN> // '';
print $connection $request;
$connection->flush;
my $ready = IO::Select->new($connection);
my ($received, $ended) = ('', 0);
sub is_whole {
	return 0 unless $received =~ /^(.*?)\r\n\r\n(.*)$/s;
	my ($head, $body) = ($1, $2);
	return $head =~ /^content-length: (\d+)/mi ? length $body >= $1 : $head =~ /^HTTP\/1.1 (100|304)/;
}
while (!is_whole()) {
	last unless $ready->can_read(2 + 8 * length $received);
	my $got = sysread $connection, my $piece, 65536;
	if (!$got) { $ended = 1; last; }
	$received .= $piece;
}
$received =~ s/\r\n/\n/g;
$received =~ s/\0//g;
print length $received ? $received : $ended ? "closed\n" : "waiting\n";

export { SendingScreen as default } from '../../features/sending/sending-screen.tsx';

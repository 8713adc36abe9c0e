export { PlayerScreen as default } from '../features/player/player-screen.tsx';
